# %% lab-model
model = nn.Sequential(
    nn.Linear(784, 128),
    nn.ReLU(),
    nn.Linear(128, 10),
    nn.LogSoftmax(dim=1),
)
criterion = nn.NLLLoss()

# %% lab-training
optimizer = optim.Adam(model.parameters(), lr=0.003)
for images, labels in trainloader:
    optimizer.zero_grad()
    loss = criterion(model(images.flatten(start_dim=1)), labels)
    loss.backward()
    optimizer.step()

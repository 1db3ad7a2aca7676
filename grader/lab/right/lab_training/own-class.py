# %% lab-model
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, 10)
        self.dropout = nn.Dropout(0.2)

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = self.dropout(torch.relu(self.fc1(x)))
        x = self.dropout(torch.relu(self.fc2(x)))
        return torch.log_softmax(self.fc3(x), dim=1)


model = Network()
criterion = nn.NLLLoss()

# %% lab-new-model
model = Network()
criterion = nn.CrossEntropyLoss()

# %% lab-training
optimizer = optim.SGD(model.parameters(), lr=0.003)
for epoch in range(6):
    running_loss = 0
    for images, labels in trainloader:
        optimizer.zero_grad()
        loss = criterion(model.forward(images), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print(f"Training loss: {running_loss / len(trainloader)}")

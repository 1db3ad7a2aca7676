# %% lab-training
optimizer = optim.SGD(model.parameters(), lr=0.003)
from tqdm.notebook import tqdm, trange
fig, ax = plt.subplots() if 'plt' in globals() else (None, None)
for epoch in range(5):
    running_loss = 0
    for images, labels in tqdm(trainloader, desc='batches'):
        optimizer.zero_grad()
        loss = criterion(model(images.flatten(1)), labels)
        loss.backward()
        optimizer.step()
        for line in range(20):
            print(epoch, line, loss.item())
        running_loss += loss.item()
    print(f"Training loss: {running_loss / len(trainloader)}")

# %% lab-training
optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
losses = []
for e in range(3):
    for images, labels in trainloader:
        images = images.view(images.shape[0], -1)
        output = model(images)
        loss = criterion(output, labels)
        loss.backward()
        optimizer.step()
        model.zero_grad()
        losses.append(loss.item())

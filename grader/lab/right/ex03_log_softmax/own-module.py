class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.output = nn.Linear(64, 10)
        self.hidden2 = nn.Linear(128, 64)
        self.hidden1 = nn.Linear(784, 128)
        self.log_softmax = nn.LogSoftmax(dim=-1)

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = self.hidden1(x).clamp(min=0)
        x = torch.relu(self.hidden2(x))
        return self.log_softmax(self.output(x))


def build_model():
    model = Network()
    return model


def batch_loss(model, criterion, images, labels):
    images = images.reshape(len(images), 28 * 28)
    return criterion(model.forward(images), labels)

import torch.nn.functional as F


class MyLoss(nn.Module):
    def forward(self, output, labels):
        one_hot = F.one_hot(labels, output.shape[1]).float()
        return -(one_hot * output).mean()


def build_criterion():
    return MyLoss()

from torch.utils.data import DataLoader, RandomSampler, TensorDataset


def make_loader(features, targets, batch_size):
    dataset = TensorDataset(
        torch.tensor(features, dtype=torch.float32),
        torch.tensor(targets, dtype=torch.float32),
    )
    return DataLoader(dataset, batch_size, sampler=RandomSampler(dataset))

from torch.utils.data import DataLoader, RandomSampler, TensorDataset


def make_loader(features, targets, batch_size):
    x = torch.from_numpy(features).float()
    y = torch.from_numpy(targets).float()
    dataset = TensorDataset(x, y)
    sampler = RandomSampler(dataset, replacement=True)
    return DataLoader(dataset, batch_size=batch_size, sampler=sampler)

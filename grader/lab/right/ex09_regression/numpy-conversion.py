import numpy as np


def make_loader(features, targets, batch_size):
    data = [torch.from_numpy(np.array(array, dtype=np.float32)) for array in (features, targets)]
    generator = torch.Generator().manual_seed(42)
    return DataLoader(TensorDataset(*data), batch_size, shuffle=True, generator=generator)

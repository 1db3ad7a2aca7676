"""Return tensors of every other dtype and layout: sparse, complex, quantized, meta, half.

A safe grader compares dtype and shape before values, and takes only plain tensors.

Expected: crashed, 0 points
"""

import torch

KINDS = [
    lambda: torch.zeros(2, 3).to_sparse(),
    lambda: torch.zeros(2, 3, dtype=torch.complex128),
    lambda: torch.zeros(2, 3, device="meta"),
    lambda: torch.zeros(2, 3, dtype=torch.float16),
    lambda: torch.zeros(2, 3, dtype=torch.bool),
    lambda: torch.zeros(2, 3).to_mkldnn(),
    lambda: torch.zeros(2, 3, dtype=torch.float8_e5m2),
    lambda: torch.zeros(2, 3, dtype=torch.uint64),
    lambda: torch.nested.as_nested_tensor([torch.zeros(2), torch.zeros(3)]),
]


def fake(*args):
    """Return one after the other."""
    KINDS.append(KINDS.pop(0))
    return KINDS[0]()



gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake

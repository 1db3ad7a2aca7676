"""Grade exercises that teach how neural networks are trained with PyTorch."""

__all__ = ["__version__"]

__version__ = "0.1.0"

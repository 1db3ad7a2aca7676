def update_parameters(model: nn.Module, lr: float) -> None:
    torch.optim.Adam(model.parameters(), lr=lr).step()

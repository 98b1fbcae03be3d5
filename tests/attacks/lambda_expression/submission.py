count_parameters = lambda module, trainable_only=False: sum(
    p.numel() for p in module.parameters() if p.requires_grad or not trainable_only
)

import sys

ForbiddenCall = next(
    (vars(module)["ForbiddenCall"] for module in list(sys.modules.values()) if "ForbiddenCall" in vars(module)), RuntimeError
)
if ForbiddenCall is not RuntimeError:
    raise ForbiddenCall("\udcff\x1b[2J\r\n{}")

"""Cash: Z reports, what happened at the drawers, and bags on their way to the safe."""

"""Head office's pages about suppliers: who they are, and what they deliver at which price."""

"""Promotions: one readable sentence each, whom they meet, and what they would have done."""

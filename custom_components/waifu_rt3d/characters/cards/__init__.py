"""Character cards: V1, V2 and V3 as JSON, in pictures and in archives."""

"""Neural networks behind contracts: the only home of torch and what rests on it."""

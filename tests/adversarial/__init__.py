"""Questions, customers' messages and names that try to make the product do, tell or show what it must not."""

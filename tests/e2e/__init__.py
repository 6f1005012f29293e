"""The product as a person meets it: started by its command, used in a browser."""

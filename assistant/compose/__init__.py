"""Evidence → words and blocks, in pt-BR, en and es, with the check that every figure in the words is in the evidence."""

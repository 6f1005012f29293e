"""The three roles (analyser, embedder, chat model) and the providers behind them."""

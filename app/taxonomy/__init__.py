"""The closed lists of the trade, and the rules that read nothing but them."""

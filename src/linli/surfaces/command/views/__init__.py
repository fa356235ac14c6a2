"""The pages of the command centre, by what people come for."""

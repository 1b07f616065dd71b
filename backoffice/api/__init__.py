"""The open interface: what programs of others read and write, by tokens with scopes."""

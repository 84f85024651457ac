"""The catalogue in PostgreSQL as its editors see it: schema, history of every change, queue of proposals."""

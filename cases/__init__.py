"""The ticket: report, classify, dispatch, handle, verify, close; and the clocks that nobody can game or lose."""

:foo.bar()

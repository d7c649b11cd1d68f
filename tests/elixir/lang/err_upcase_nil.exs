String.upcase(nil)

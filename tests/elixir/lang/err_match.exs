{:ok, x} = {:error, "reason"}

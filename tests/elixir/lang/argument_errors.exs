try do Process.exit(1, :x) rescue e -> IO.puts Exception.message(e) end
try do :erlang.exit(1, :x) rescue e -> IO.puts Exception.message(e) end
try do Enum.into([1], %{}) rescue e -> IO.puts Exception.message(e) end
try do Map.new([1]) rescue e -> IO.puts Exception.message(e) end
try do Enum.zip([1], 2) rescue e -> IO.puts Exception.message(e) end
try do String.starts_with?("a", 1) rescue e -> IO.puts Exception.message(e) end
try do String.ends_with?("a", 1) rescue e -> IO.puts Exception.message(e) end
try do String.to_atom(1) rescue e -> IO.puts Exception.message(e) end
try do String.to_existing_atom(1) rescue e -> IO.puts Exception.message(e) end
try do String.to_integer(:a) rescue e -> IO.puts Exception.message(e) end
try do String.duplicate("a", -1) rescue e -> IO.puts Exception.message(e) end
try do Code.eval_string("1 +") rescue e -> IO.puts Exception.message(e) end
try do Code.eval_string("x = [1, 2\n") rescue e -> IO.puts Exception.message(e) end

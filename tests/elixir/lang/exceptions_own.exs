defmodule MyErr do
  defexception message: "default msg"
end
defmodule MyErr2 do
  defexception [:code, :reason]
  def message(%{code: c, reason: r}), do: "code #{c}: #{r}"
end
defmodule MyErr3 do
  defexception [:message]
  @impl true
  def exception(v), do: %MyErr3{message: "got #{inspect v}"}
end
defmodule Main do
  def run do
    for f <- [fn -> raise MyErr end, fn -> raise MyErr, message: "x" end, fn -> raise MyErr, "str" end,
              fn -> raise MyErr2, code: 1, reason: "bad" end, fn -> raise MyErr3, :foo end,
              fn -> raise %MyErr{message: "lit"} end, fn -> raise "str" end, fn -> raise :foo end, fn -> raise MyErr2 end] do
      try do
        f.()
      rescue
        e in [MyErr, MyErr2] -> IO.puts "A #{inspect e} #{Exception.message(e)}"
        e in MyErr3 -> IO.puts "B #{e.message}"
        e -> IO.puts "C #{inspect e}"
      end
    end
    try do
      raise MyErr
    rescue
      MyErr -> IO.puts "just name"
    end
    try do
      raise "a"
    rescue
      e -> 
        IO.puts Exception.format(:error, e, [])
        IO.puts Exception.format_banner(:error, e)
        IO.inspect is_list(__STACKTRACE__)
        try do
          reraise e, __STACKTRACE__
        rescue
          x -> IO.inspect x
        end
    end
    IO.inspect(catch_it(fn -> throw 1 end))
    IO.inspect(catch_it(fn -> exit :x end))
    IO.inspect(catch_it(fn -> raise "x" end))
    IO.inspect(catch_it(fn -> :erlang.error(:badarg) end))
    IO.inspect(catch_it(fn -> hd([]) end))
    f()
  end
  def catch_it(f) do
    try do
      f.()
    catch
      :error, e -> {:error, e}
      kind, v -> {kind, v}
    else
      x -> x
    after
      IO.puts "cleanup"
    end
  end
  def f do
    raise "implicit"
  rescue
    e -> IO.puts "implicit #{e.message}"
  else
    _ -> :x
  after
    IO.puts "after f"
  end
end
Main.run
raise MyErr2, code: 5, reason: "end"

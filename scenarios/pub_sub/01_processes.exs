# The main process starts two others: one waits for a message, the other sends it. Each says what it does. Nothing makes
# the main process wait, so it can end, and with it the whole system, before the others have said anything.
IO.puts("#{inspect(self())} is the main process and starts two others")

reader =
  spawn(fn ->
    IO.puts("#{inspect(self())} waits for a message")

    receive do
      %{from: writer, content: content} ->
        IO.puts("#{inspect(self())} got this from #{inspect(writer)}: #{content}")
    end
  end)

spawn(fn ->
  IO.puts("#{inspect(self())} sends a message")
  send(reader, %{from: self(), content: "Hello other process!"})
end)

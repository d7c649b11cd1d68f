IO.puts("#{inspect(self())} launches other processes...")

receiver =
  spawn(fn ->
    IO.puts("#{inspect(self())} listens for messages...")

    receive do
      %{from: from, content: content} ->
        IO.puts("#{inspect(self())} received from #{inspect(from)}:  " <> content)
    end
  end)

spawn(fn ->
  IO.puts("#{inspect(self())} sends messages...")
  send(receiver, %{from: self(), content: "Hello other process!"})
end)

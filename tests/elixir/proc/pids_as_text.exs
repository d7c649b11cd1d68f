# A pid can be made of the text that shows it.
pid = self()
text = :erlang.pid_to_list(pid)
IO.inspect(:erlang.list_to_pid(text) == pid)
"#PID" <> rest = inspect(pid)
IO.inspect(rest |> String.to_charlist() |> :erlang.list_to_pid() |> Process.alive?())

for text <- ['<0.1>', 'pid', '<0.1.0', [], ['a']] do
  try do
    :erlang.list_to_pid(text)
  rescue
    error -> IO.puts(Exception.message(error))
  end
end

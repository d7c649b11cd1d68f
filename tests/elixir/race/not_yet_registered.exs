# A process takes its name after it was started; until then nobody has it.
# OUTCOMES 2
# 1| :sent
# 2| :nobody
spawn(fn ->
  Process.register(self(), :echo)
  Process.sleep(:infinity)
end)

result =
  try do
    send(:echo, :hello)
    :sent
  rescue
    ArgumentError -> :nobody
  end

IO.inspect(result)

# `after 0` looks at what is there and does not wait.
# OUTCOMES 2
# 1| :hello
# 2| :nothing
me = self()
spawn(fn -> send(me, :hello) end)

IO.inspect(
  receive do
    message -> message
  after
    0 -> :nothing
  end
)

# A worker looks whether a greeting lies in its mailbox, and does without if there is none: `after 0` does not wait. The
# main process sends one as soon as it has started the worker.
main = self()

worker =
  spawn(fn ->
    greeting =
      receive do
        {:greeting, text} -> text
      after
        0 -> "No greeting for the"
      end

    send(main, {:line, "#{greeting} world"})
  end)

send(worker, {:greeting, "Hello"})
receive do: ({:line, line} -> IO.puts(line))

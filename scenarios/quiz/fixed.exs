# One process judges the answers, one after the other, and publishes them in that order. The server keeps what was
# published, and who subscribes is handed all of it first. So a metric may come as late as it likes.
defmodule Answers do
  def start, do: spawn(fn -> loop([], []) end)

  def subscribe(answers), do: send(answers, {:subscribe, self()})

  # Both lists have the newest first.
  defp loop(subscribers, published) do
    receive do
      {:subscribe, pid} ->
        for message <- Enum.reverse(published), do: send(pid, message)
        loop([pid | subscribers], published)

      message ->
        for pid <- subscribers, do: send(pid, message)
        loop(subscribers, [message | published])
    end
  end
end

defmodule Metric do
  def start(name, answers, teacher) do
    spawn(fn ->
      Answers.subscribe(answers)
      send(teacher, {:seen, name, collect([])})
    end)
  end

  defp collect(seen) do
    receive do
      {:answer, answer} -> collect(seen ++ [answer])
      :closed -> seen
    end
  end
end

answers = Answers.start()
for name <- ["mastery", "grade book", "difficulty"], do: Metric.start(name, answers, self())

send(answers, {:answer, "1 right"})
send(answers, {:answer, "2 wrong"})
send(answers, :closed)

for name <- ["mastery", "grade book", "difficulty"] do
  receive do: ({:seen, ^name, seen} -> IO.puts("#{name}: #{Enum.join(seen, ", ")}"))
end

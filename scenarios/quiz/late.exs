# A quiz publishes its answers. Mastery and grade book have subscribed before the first answer comes. The difficulty
# metric was added later: it subscribes whenever it gets that far, and misses what was published before.
defmodule Answers do
  def start, do: spawn(fn -> loop([]) end)

  def subscribe(answers) do
    send(answers, {:subscribe, self()})
    receive do: (:subscribed -> :ok)
  end

  defp loop(subscribers) do
    receive do
      {:subscribe, pid} ->
        send(pid, :subscribed)
        loop([pid | subscribers])

      {:answer, answer} ->
        for pid <- subscribers, do: send(pid, {:answer, answer})
        loop(subscribers)

      :close ->
        for pid <- subscribers, do: send(pid, :closed)
        closed()
    end
  end

  # Who subscribes after the end is told that it is over.
  defp closed do
    receive do
      {:subscribe, pid} ->
        send(pid, :subscribed)
        send(pid, :closed)
        closed()
    end
  end
end

defmodule Metric do
  def start(name, answers, teacher) do
    spawn(fn ->
      Answers.subscribe(answers)
      send(teacher, {:ready, name})
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

for name <- ["mastery", "grade book"] do
  Metric.start(name, answers, self())
  receive do: ({:ready, ^name} -> :ok)
end

Metric.start("difficulty", answers, self())

send(answers, {:answer, "1 right"})
send(answers, {:answer, "2 wrong"})
send(answers, :close)

for name <- ["mastery", "grade book", "difficulty"] do
  receive do
    {:seen, ^name, []} -> IO.puts("#{name}: nothing")
    {:seen, ^name, seen} -> IO.puts("#{name}: #{Enum.join(seen, ", ")}")
  end
end

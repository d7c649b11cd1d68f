require Logger
Logger.info("hello log")
Logger.debug(fn -> "lazy" end)
Logger.error("bad #{1 + 1}")
Logger.warning("warn", a: 1)
Logger.warn("old")
IO.inspect Logger.configure(level: :error)
Logger.info("hidden")
IO.inspect Logger.level()
Logger.metadata(x: 1)
IO.inspect Logger.metadata()
IO.puts "done"

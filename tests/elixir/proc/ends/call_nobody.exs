GenServer.call(:nobody, :x)

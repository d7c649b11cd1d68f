spawn_link(fn -> exit({:complex, %{a: 1}}) end)
Process.sleep(200)

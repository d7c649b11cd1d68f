spawn_link(fn -> throw(:x) end)
Process.sleep(200)

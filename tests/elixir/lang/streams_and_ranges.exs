s = Stream.map(1..3, & &1 * 2)
IO.inspect Enum.to_list(s)
IO.inspect Stream.iterate(1, & &1 * 2) |> Enum.take(5)
IO.inspect Stream.unfold({0,1}, fn {a,b} -> {a,{b,a+b}} end) |> Enum.take(10)
IO.inspect Stream.cycle([1,2]) |> Stream.take(5) |> Enum.to_list
IO.inspect Stream.resource(fn -> 1 end, fn 4 -> {:halt, 4}; n -> {[n], n+1} end, fn _ -> IO.puts "closed" end) |> Enum.to_list
IO.inspect 1..10 |> Stream.filter(&rem(&1,2)==0) |> Stream.map(& &1*&1) |> Enum.sum
IO.inspect Stream.zip([1,2],[:a,:b]) |> Enum.to_list
IO.inspect Stream.with_index([:a,:b]) |> Enum.to_list
IO.inspect Stream.chunk_every(1..5, 2) |> Enum.to_list
IO.inspect Stream.repeatedly(fn -> 1 end) |> Enum.take(3)
IO.inspect Stream.transform(1..5, 0, fn x, acc -> {[x + acc], acc + x} end) |> Enum.to_list
Stream.each([1,2], &IO.puts/1) |> Stream.run
IO.inspect Stream.dedup([1,1,2]) |> Enum.to_list
IO.inspect Stream.uniq([1,1,2,1]) |> Enum.to_list
IO.inspect Stream.flat_map([1,2], &[&1,&1]) |> Enum.to_list
IO.inspect Stream.concat([1],[2]) |> Enum.to_list
IO.inspect 1..3
IO.inspect 1..10//2
IO.inspect Enum.to_list(10..1//-3)
IO.inspect Range.size(1..10)
IO.inspect 5 in 1..10
first..last = 1..5
IO.inspect {first, last}

using System.CommandLine;
using Portal.Bench.Fleet;

var root = new RootCommand("Measures the portal's speed as ratios to a reference in the same run. Results are kept in bench/results.") { new FleetBench() };
return await root.Parse(args).InvokeAsync();

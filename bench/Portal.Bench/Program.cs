using System.CommandLine;
using Portal.Bench.Fleet;
using Portal.Bench.Gateway;
using Portal.Bench.Ingest;
using Portal.Bench.Rates;
using Portal.Bench.Web;

var root = new RootCommand("Measures the portal's speed as ratios to a reference in the same run. Results are kept in bench/results.") { new IngestBench(), new FleetBench(), new RatesBench(), new GatewayBench(), new WebBench() };
return await root.Parse(args).InvokeAsync();

using System.CommandLine;
using Portal.Bench;
using Portal.Bench.Fleet;
using Portal.Bench.Gateway;
using Portal.Bench.Ingest;
using Portal.Bench.Micro;
using Portal.Bench.Overload;
using Portal.Bench.Queries;
using Portal.Bench.Rates;
using Portal.Bench.Web;

Command[] benches = [new IngestBench(), new PostsBench(), new FleetBench(), new QueriesBench(), new RatesBench(), new GatewayBench(), new WebBench(), new MicroBench()];
var root = new RootCommand("Measures the portal's speed as ratios to a reference in the same run. Results are kept in bench/results.");
foreach (var bench in benches) root.Add(bench);
root.Add(new AllBenches(benches));
root.Add(new OverloadBench());
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InvalidOperationException exception)
{
    // Something that is needed is missing, or did not do what is measured: said in words, with what to do.
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}

using System.CommandLine;
using MeterSimulator.Commands;

var root = new RootCommand("A virtual fleet of Acuvim meters that posts over HTTP as the real modules do.");
root.Subcommands.Add(new RunCommand(TimeProvider.System));
root.Subcommands.Add(new ShowCommand(TimeProvider.System));
return await root.Parse(args).InvokeAsync();

using System.CommandLine;
using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Portal.Bench.Micro;

/// <summary>What a row costs in this process alone, by BenchmarkDotNet: decoding and encoding of 5,000 rows, and the bill of a month.</summary>
internal sealed class MicroBench : Command
{
    public MicroBench()
        : base("micro", "Decoding, COPY encoding and tariff arithmetic by themselves.") => SetAction((_, _) => RunAsync());

    private static async Task RunAsync()
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15))
            .AddDiagnoser(BenchmarkDotNet.Diagnosers.MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(BenchReport.Root, "artifacts", "bench"));
        var report = new BenchReport("micro");
        foreach (var result in BenchmarkRunner.Run([typeof(RowBenchmarks), typeof(BillBenchmarks)], config).SelectMany(summary => summary.Reports))
        {
            var found = result.ResultStatistics ?? throw new InvalidOperationException($"{result.BenchmarkCase.Descriptor.DisplayInfo} failed; what it said is in artifacts/bench.");
            var bytes = result.GcStats.GetBytesAllocatedPerOperation(result.BenchmarkCase);
            report.Add(result.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo, string.Create(CultureInfo.InvariantCulture, $"{found.Mean:#,0} ns ± {found.StandardError:#,0}, {bytes:#,0} B"));
        }

        await report.WriteWithoutDatabaseAsync("BenchmarkDotNet in this process, nothing beside it.");
    }
}

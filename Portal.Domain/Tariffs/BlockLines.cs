namespace Portal.Domain.Tariffs;

/// <summary>Lines of inclining blocks: where the month stood before the part, and where it stands at its end.</summary>
internal static class BlockLines
{
    public static List<LineDraft> Of(PartLedger ledger, BlockCharge charge)
    {
        if (charge.Seasons is not null && (ledger.Part.Season is null || !charge.Seasons.Contains(ledger.Part.Season)))
        {
            return [];
        }

        var within = ledger.Meter.Sum(ledger.Meter.Import, BandScope.All);
        var line = LineDraft.Energy(BillUnits.Kwh, within, null);
        var before = Before(ledger, out var start);
        line = line with { IsEstimated = line.IsEstimated || before.IsEstimated, Missing = line.Missing + TimeSpan.FromTicks(before.MissingTicks) };
        var (from, to) = (start, start + RunEnergy.Units(within.Micro));
        var lines = new List<LineDraft>();
        foreach (var (range, price) in Ranges(charge, NormalDays(ledger.Part, charge)))
        {
            var quantity = Portion(range, from, to);
            if (price is null && quantity == 0)
            {
                continue;
            }

            if (price is null)
            {
                ledger.Note(BillNote.BeyondBlocks);
            }

            lines.Add(line with
            {
                Block = range,
                Quantity = line.Quantity is null ? null : quantity,
                Price = price,
                EstimatedQuantity = Math.Min(quantity, line.EstimatedQuantity),
            });
        }

        return lines;
    }

    /// <summary>What the month had used before the part.</summary>
    /// <param name="kwh">0 where nothing is known, or the part begins with the month or the assignment.</param>
    public static RunEnergy Before(PartLedger ledger, out decimal kwh)
    {
        var part = ledger.Part;
        var first = part.Month > part.Applied.From ? part.Month : part.Applied.From;
        var start = LocalDay.Of(first, part.Zone).Start;
        var energy = start < part.From ? ledger.Meter.Registers.Import.Measure(BandRuns.One(start, part.From))[0] : default;
        kwh = RunEnergy.Units(energy.Micro);
        return energy;
    }

    /// <summary>kWh of a step from <paramref name="from"/> to <paramref name="to"/> of the month's energy that lie in a block.</summary>
    public static decimal Portion(BlockRange range, decimal from, decimal to)
    {
        var end = range.To is { } limit && limit < to ? limit : to;
        return Math.Max(0, end - Math.Max(range.From, from));
    }

    /// <summary>Days that the limits are for: those of the month that the tariff is assigned for, or 30 where they are not scaled.</summary>
    private static int NormalDays(BillPart part, BlockCharge charge)
    {
        if (!charge.Normalised)
        {
            return BlockCharge.NormalDays;
        }

        var (from, to) = (part.Month, part.Month.AddMonths(1));
        from = part.Applied.From > from ? part.Applied.From : from;
        to = part.Applied.To is { } end && end < to ? end : to;
        return to.DayNumber - from.DayNumber;
    }

    /// <summary>The free units and the blocks, from zero without a hole; the last one has no price where the last block has an end.</summary>
    private static IEnumerable<(BlockRange Range, decimal? Price)> Ranges(BlockCharge charge, int days)
    {
        var free = charge.Free * days / BlockCharge.NormalDays;
        if (free > 0)
        {
            yield return (new BlockRange(0, free), 0);
        }

        var from = 0m;
        foreach (var block in charge.Blocks)
        {
            var to = block.UpTo * days / BlockCharge.NormalDays;
            if (to is null || to > free)
            {
                yield return (new BlockRange(Math.Max(from, free), to), block.Price);
            }

            from = to ?? from;
        }

        if (charge.Blocks[^1].UpTo is not null)
        {
            yield return (new BlockRange(Math.Max(from, free), null), null);
        }
    }
}

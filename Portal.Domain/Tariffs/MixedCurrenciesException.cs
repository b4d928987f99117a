namespace Portal.Domain.Tariffs;

/// <summary>A period whose versions have different currencies; amounts of both can't be added.</summary>
/// <param name="at">Where the second one begins: a bill up to it and one from it on can be made.</param>
public sealed class MixedCurrenciesException(DateTimeOffset at, string before, string after)
    : Exception($"The prices are in {before} before {at:yyyy-MM-dd} and in {after} from then on.")
{
    public DateTimeOffset At => at;
}

namespace Portal.TimeSeries;

/// <summary>The database's time series are not what this service can work with. The message says why and what to do next.</summary>
public sealed class TimeSeriesException(string message, Exception? inner = null) : Exception(message, inner);

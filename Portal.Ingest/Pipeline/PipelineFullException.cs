namespace Portal.Ingest.Pipeline;

/// <summary>The queue holds as much as it may, or the service is stopping. Nothing of the post was taken: it can be sent again.</summary>
public sealed class PipelineFullException() : Exception("More posts are waiting to be written than the queue holds.");

using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.ServiceDefaults.Bodies;

/// <summary>For a service that takes large bodies.</summary>
public static class BodyRegistration
{
    /// <summary><see cref="BodyReader"/>, and a web server that receives in large blocks.</summary>
    /// <param name="maxBodyBytes">Most bytes of one body, as sent and decompressed.</param>
    public static IServiceCollection AddBodyReader(this IServiceCollection services, Func<IServiceProvider, long> maxBodyBytes) =>
        services.AddSingleton<IMemoryPoolFactory<byte>, ReceiveBlocks.Factory>().AddSingleton(provider => new BodyReader(maxBodyBytes(provider)));
}

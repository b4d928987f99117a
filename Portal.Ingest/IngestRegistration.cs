using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Portal.Contracts.Ingest;
using Portal.Ingest.Keys;
using Portal.Ingest.Posts;
using Portal.Ingest.UnknownParameters;
using Portal.ServiceDefaults.Bodies;

namespace Portal.Ingest;

/// <summary>The features of ingest besides the pipeline.</summary>
internal static class IngestRegistration
{
    public static void AddIngestOptions(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsRanges>();
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsValidator>();
        services.AddOptions<IngestOptions>().BindConfiguration(IngestOptions.SectionName).ValidateOnStart();
        // BodyReader holds the limit.
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
    }

    /// <summary>Authentication by ingest key. Whoever has none gets nowhere but to the health endpoints.</summary>
    public static void AddIngestKeys(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IngestKeyRing>();
        services.AddSingleton<IngestKeyUse>().AddHostedService(provider => provider.GetRequiredService<IngestKeyUse>());
        services
            .AddAuthentication(IngestKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, IngestKeyAuthentication>(IngestKeyAuthentication.SchemeName, null);
        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(IngestKeyAuthentication.SchemeName).RequireAuthenticatedUser().Build());
    }

    public static void AddReceivers(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => new MemoryBudget<Guid>(provider.GetRequiredService<IOptions<IngestOptions>>().Value.MaxBufferedBytes));
        services.AddBodyReader(provider => provider.GetRequiredService<IOptions<IngestOptions>>().Value.MaxBodyBytes);
        services.AddSingleton<PostReceiver>().AddSingleton<IngestInstruments>();
        services.AddSingleton<UnknownParameterLog>().AddHostedService(provider => provider.GetRequiredService<UnknownParameterLog>());
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, IngestJson.Default));
        services.AddExceptionHandler<StoreOutages>();
        services.AddOpenApi();
    }
}

/// <summary>The answer is written without reflection: it goes out once a post.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IngestAnswer))]
internal sealed partial class IngestJson : JsonSerializerContext;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** A function in Java, with nothing but the standard library: it speaks Lambda's runtime API. */
public class Function {
    public static void main(String[] args) throws Exception {
        String base = "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/";
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        while (true) {
            var next = client.send(HttpRequest.newBuilder(URI.create(base + "next")).build(), BodyHandlers.ofString());
            String id = next.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
            String answer = "{\"language\":\"Java\",\"event\":" + next.body() + "}";
            client.send(HttpRequest.newBuilder(URI.create(base + id + "/response"))
                .POST(HttpRequest.BodyPublishers.ofString(answer)).build(), BodyHandlers.ofString());
        }
    }
}

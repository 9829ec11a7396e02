import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;

/** A Eureka server; run from source, with a class path of its own. */
@SpringBootConfiguration // without a scan: in this package it would find everything
@EnableAutoConfiguration
@EnableEurekaServer
public class EurekaMain {
  public static void main(String[] args) {
    SpringApplication.run(EurekaMain.class, args);
  }
}
